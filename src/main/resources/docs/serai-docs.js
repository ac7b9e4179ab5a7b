fetch('/api/v1/openapi')
  .then(answer => answer.json())
  .then(urls => {
    window.ui = SwaggerUIBundle({
      urls: urls,
      'urls.primaryName': urls.length ? urls[0].name : undefined,
      dom_id: '#swagger-ui',
      deepLinking: true,
      // The validator badge would ask an outside server.
      validatorUrl: null,
      presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
      layout: 'StandaloneLayout'
    });
  });
